"use client";

import { Contrast, Monitor, Moon, Sun } from "lucide-react";
import { createContext, useContext, useState } from "react";
import { IconButton } from "./IconButton.tsx";
import { Menu, MenuChoice } from "./Menu.tsx";
import { applyTheme, type Theme } from "./theme.ts";

const options = [
  { value: "system", label: "As the system", icon: <Monitor size={14} /> },
  { value: "light", label: "Light", icon: <Sun size={14} /> },
  { value: "dark", label: "Dark", icon: <Moon size={14} /> },
  { value: "contrast", label: "High contrast", icon: <Contrast size={14} /> },
] as const;

const icons = { system: Monitor, light: Sun, dark: Moon, contrast: Contrast } as const;

/** The theme that the server rendered the page in. */
export const ThemeContext = createContext<Theme>("system");

/** Chooses between system, light, dark and high contrast. */
export function ThemeMenu() {
  const rendered = useContext(ThemeContext);
  const [chosen, setChosen] = useState<Theme | null>(null);
  const theme = chosen ?? rendered;
  const change = (next: Theme): void => {
    setChosen(next);
    applyTheme(next);
  };
  const Icon = icons[theme];
  return (
    <Menu trigger={<IconButton label="Theme" icon={<Icon size={16} />} />}>
      <MenuChoice label="Theme" value={theme} onValueChange={change} options={options} />
    </Menu>
  );
}
