import { GalleryPage } from "../../runs/gallery/GalleryPage.tsx";

export const metadata = { title: "Gallery" };

export default function Page() {
  return <GalleryPage />;
}
