import { RunPage } from "../../../../runs/view/RunPage.tsx";

export const metadata = { title: "Run" };

export default async function Page({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  const { id } = await params;
  return <RunPage pipelineId={id} />;
}
