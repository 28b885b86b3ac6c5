import "./main.css";
import { startFragments } from "./page/fragments";
import { startIslands } from "./page/islands";
import { startMenus } from "./page/menus";
import { startStrips } from "./page/strips";
import { startPrint } from "./page/print";
import { focusErrorSummary } from "./page/focus";
import { startTheme } from "./page/theme";

// Everything here is a garnish: each page, form and link works with this file missing.
startFragments();
startIslands();
startMenus();
startTheme();
startPrint();
startStrips();
focusErrorSummary(document);
