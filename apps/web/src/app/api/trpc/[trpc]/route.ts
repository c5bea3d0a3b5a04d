import { handleApiRequest } from "../../../../server/http/handle-api-request.ts";
import { services } from "../../../../server/services.ts";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

const handle = (request: Request): Promise<Response> => handleApiRequest(request, services());

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST, handle as PUT };
