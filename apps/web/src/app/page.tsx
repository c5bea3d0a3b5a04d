import { PipelinesPage } from "../runs/list/PipelinesPage.tsx";

export const metadata = { title: "Pipelines" };

export default function Page() {
  return <PipelinesPage />;
}
