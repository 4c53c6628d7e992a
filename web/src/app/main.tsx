import { createRoot } from "react-dom/client";
import { SessionContext } from "../sync/hooks";
import { Session } from "../sync/session";
import "../ui/base.css";
import { listenToKeys } from "../ui/commands/keyboard";
import { startTheme } from "../ui/theme";
import { App } from "./App";

startTheme();
listenToKeys(window);
const session = new Session();
session.start();
createRoot(document.getElementById("app")!).render(
  <SessionContext value={session}>
    <App />
  </SessionContext>,
);
