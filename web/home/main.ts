// The page of a node: which chain it follows, how far it is, and what else it serves.

/** A page or document that this node serves. */
interface Link {
  readonly title: string;
  readonly href: string;
  readonly note: string;
}
/** Parts of the answers of REST that this page shows. */
interface NodeInfo {
  readonly default_node_info: { readonly network: string; readonly moniker: string };
  readonly application_version: { readonly app_name: string; readonly version: string };
}
interface Status {
  readonly height: string;
  readonly timestamp: string;
}

const REFRESH_MS = 2_000;

async function ask<T>(path: string): Promise<T> {
  const answer = await fetch(path, { signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return (await answer.json()) as T;
}

function show(id: string, text: string): void {
  const element = document.getElementById(id);
  if (element !== null) element.textContent = text;
}

function showState(text: string, kind: "live" | "down"): void {
  show("state", text);
  const element = document.getElementById("state");
  if (element !== null) element.className = `state ${kind}`;
}

async function showLinks(): Promise<void> {
  const links = await ask<readonly Link[]>("/home/links.json");
  const items = links.map(({ title, href, note }) => {
    const [item, link, text] = [document.createElement("li"), document.createElement("a"), document.createElement("span")];
    link.textContent = title;
    link.href = href;
    text.textContent = note;
    text.className = "quiet";
    item.append(link, text);
    return item;
  });
  document.getElementById("links")?.replaceChildren(...items);
}

/** The consensus engine knows the name, the state machine the height: either may answer without the other. */
async function refresh(): Promise<void> {
  const [info, status] = await Promise.allSettled([
    ask<NodeInfo>("/cosmos/base/tendermint/v1beta1/node_info"),
    ask<Status>("/cosmos/base/node/v1beta1/status"),
  ]);
  if (info.status === "fulfilled") {
    const { default_node_info: node, application_version: program } = info.value;
    show("chain", node.network);
    show("moniker", node.moniker);
    show("version", `${program.app_name} ${program.version}`);
  }
  if (status.status === "fulfilled") {
    show("height", status.value.height);
    show("time", new Date(status.value.timestamp).toLocaleString());
  }
  if (info.status === "rejected" || status.status === "rejected") showState("does not answer", "down");
  else showState("answers", "live");
}

async function follow(): Promise<void> {
  await refresh();
  setTimeout(() => void follow(), REFRESH_MS);
}

void showLinks().catch(() => showState("does not answer", "down"));
void follow();
