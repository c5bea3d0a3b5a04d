"use client";

import { Contrast, Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { IconButton } from "./IconButton.tsx";
import { Menu, MenuChoice } from "./Menu.tsx";
import { applyTheme, type Theme } from "./theme.ts";

const options = [
  { value: "system", label: "As the system", icon: <Monitor size={14} /> },
  { value: "light", label: "Light", icon: <Sun size={14} /> },
  { value: "dark", label: "Dark", icon: <Moon size={14} /> },
  { value: "contrast", label: "High contrast", icon: <Contrast size={14} /> },
] as const;

/** Chooses between system, light, dark and high contrast. */
export function ThemeMenu({ initial }: { readonly initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  const change = (next: Theme): void => {
    setTheme(next);
    applyTheme(next);
  };
  const Icon = { system: Monitor, light: Sun, dark: Moon, contrast: Contrast }[theme];
  return (
    <Menu trigger={<IconButton label="Theme" icon={<Icon size={16} />} />}>
      <MenuChoice label="Theme" value={theme} onValueChange={change} options={options} />
    </Menu>
  );
}
