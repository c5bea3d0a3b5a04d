import { FileUp } from "lucide-react";
import { Chip } from "../../design/Chip.tsx";
import { difficultyWords, type GalleryTemplate } from "./template.ts";

/** How hard it is, what it teaches, and whether something has to be filled in first. */
export function TemplateTags({ template }: { readonly template: GalleryTemplate }) {
  return (
    <ul aria-label="What it teaches" className="flex flex-wrap gap-1.5">
      <li>
        <Chip tone="accent">{difficultyWords[template.difficulty]}</Chip>
      </li>
      {template.teaches.map((tag) => (
        <li key={tag}>
          <Chip>{tag}</Chip>
        </li>
      ))}
      {!template.runsAsIs && (
        <li>
          <Chip tone="warn" icon={<FileUp size={12} aria-hidden />}>
            Needs data of yours
          </Chip>
        </li>
      )}
    </ul>
  );
}
