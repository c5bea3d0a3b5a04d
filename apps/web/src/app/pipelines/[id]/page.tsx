import { EditorPage } from "../../../runs/EditorPage.tsx";

export const metadata = { title: "Editor" };

export default async function Page({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  const { id } = await params;
  return <EditorPage pipelineId={id} />;
}
