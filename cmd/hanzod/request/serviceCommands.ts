import { Argument, Command, Help, Option } from "commander";
import { descriptors } from "../../../app/descriptorImage.ts";
import type { MethodDescriptor } from "../../../app/encoding/descriptorModel.ts";
import { buildRequest, type PageInput } from "./buildRequest.ts";
import { commandName, findShortName } from "./commandName.ts";
import { fieldComment, methodComment } from "./comments.ts";
import { fieldForm } from "./fieldText.ts";
import { type FieldInput, planMessage, planQuery, type RequestPlan } from "./requestPlan.ts";
import type { CommandService } from "./services.ts";

/** A method that a command was made for. */
export interface MethodCall {
  /** `/cosmos.bank.v1beta1.Query/Balance` */
  readonly path: string;
  readonly method: MethodDescriptor;
  /** Whether the sender's address goes into the request. */
  readonly signed: boolean;
  /** The request's bytes. @throws CliError for texts that do not fit */
  request(signer?: string): Uint8Array;
}

/** What differs between commands of queries and of messages. */
export interface CommandKind {
  readonly messages: boolean;
  readonly services: readonly CommandService[];
  /** Commands that take the place of those made here, by `/service/Method`. */
  readonly written?: Readonly<Record<string, () => Command>>;
  /** Commands besides those of methods, by module. */
  readonly more?: Readonly<Record<string, readonly (() => Command)[]>>;
  /** Adds the options that every method has. */
  decorate(command: Command): Command;
  run(call: MethodCall, options: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Help texts by what they explain; made when help is shown. */
type Helps = WeakMap<Command | Argument | Option, () => string>;

const PAGE_FLAGS: readonly (readonly [flags: string, description: string])[] = [
  ["--limit <n>", "entries per page"],
  ["--offset <n>", "entries to pass over"],
  ["--page-key <base64>", "next_key of the page before"],
  ["--count-total", "count all entries"],
  ["--reverse", "last entries first"],
];

/** Adds a command per module with a command per method below `parent`, read off the descriptors: nothing about a method is written by hand, but in `written`. */
export function addServiceCommands(parent: Command, kind: CommandKind): Command {
  const helps: Helps = new WeakMap();
  const modules = new Map<string, Command>();
  explain(parent, helps);
  for (const { module, service } of kind.services) {
    let group = modules.get(module);
    if (group === undefined) {
      group = explain(new Command(module).description(`${kind.messages ? "messages" : "queries"} of ${module}`), helps);
      modules.set(module, group);
      parent.addCommand(group);
    }
    // An older version of a service stands behind the newer one and adds only what that has not.
    const taken = new Set(group.commands.map((command) => command.name()));
    for (const method of descriptors().getService(service).methods) {
      if (method.clientStreaming || method.serverStreaming || taken.has(commandName(method.name))) continue;
      const written = kind.written?.[`/${service}/${method.name}`];
      group.addCommand(written?.() ?? methodCommand(kind, service, method, helps));
    }
  }
  for (const [module, make] of Object.entries(kind.more ?? {})) for (const command of make) modules.get(module)?.addCommand(command());
  for (const group of modules.values()) addShortNames(group);
  return parent;
}

function methodCommand(kind: CommandKind, service: string, method: MethodDescriptor, helps: Helps): Command {
  const command = explain(kind.decorate(new Command(commandName(method.name))), helps);
  helps.set(command, () => methodComment(service, method.name));
  const input = descriptors().getMessage(method.input);
  const reserved = new Set([...command.options.map(({ long }) => (long ?? "").replace(/^--/, "")), "help"]);
  const plan = kind.messages ? planMessage(input, reserved) : planQuery(method, input, reserved);
  for (const argument of plan.args) addArgument(command, method, argument, helps);
  const flags = plan.flags.map((flag) => ({ name: flag.name, option: addFlag(command, method, flag, helps) }));
  if (plan.pagination !== undefined) for (const [text, description] of PAGE_FLAGS) command.option(text, description);
  return command.action((...given: unknown[]) => {
    const options = (given[plan.args.length] ?? {}) as Readonly<Record<string, unknown>>;
    const texts = new Map(flags.flatMap(({ name, option }) => flagTexts(name, options[option.attributeName()])));
    const args = given
      .slice(0, plan.args.length)
      .filter((text) => text !== undefined)
      .map(String);
    return kind.run(methodCall({ service, method, plan, args, texts, page: options as PageInput }), options);
  });
}

interface GivenCall {
  readonly service: string;
  readonly method: MethodDescriptor;
  readonly plan: RequestPlan;
  readonly args: readonly string[];
  readonly texts: ReadonlyMap<string, readonly string[]>;
  readonly page: PageInput;
}

function methodCall({ service, method, plan, args, texts, page }: GivenCall): MethodCall {
  return {
    path: `/${service}/${method.name}`,
    method,
    signed: plan.signer !== undefined,
    request: (signer) =>
      buildRequest(descriptors(), method.input, plan, { args, flags: texts, page, ...(signer === undefined ? {} : { signer }) }),
  };
}

function addArgument(command: Command, method: MethodDescriptor, { field, name, optional = false }: FieldInput, helps: Helps): void {
  const argument = new Argument(optional ? `[${name}]` : `<${name}>`);
  // Commander lists arguments only when one has a description; the helps give the text that is shown.
  argument.description = fieldForm(field);
  helps.set(argument, () => withForm(fieldComment(method.input, field.name), fieldForm(field)));
  command.addArgument(argument);
}

function addFlag(command: Command, method: MethodDescriptor, { field, name }: FieldInput, helps: Helps): Option {
  const single = !field.repeated && field.kind === "bool";
  const option = new Option(single ? `--${name}` : `--${name} <${fieldForm(field)}>`);
  if (!single) option.argParser((text: string, before: readonly string[] | undefined) => [...(field.repeated ? (before ?? []) : []), text]);
  const repeats = field.repeated ? "; may be given several times" : "";
  helps.set(option, () => `${fieldComment(method.input, field.name)}${repeats}`);
  command.addOption(option.hideHelp(field.options.deprecated));
  return option;
}

function flagTexts(name: string, value: unknown): readonly (readonly [string, readonly string[]])[] {
  if (value === undefined) return [];
  return [[name, value === true ? ["true"] : (value as readonly string[])]];
}

/** `balances` beside `all-balances`, wherever the short name is free. */
function addShortNames(group: Command): void {
  const taken = new Set(group.commands.map((command) => command.name()));
  for (const command of group.commands) {
    const short = findShortName(command.name());
    if (short === undefined || taken.has(short)) continue;
    taken.add(short);
    command.alias(short);
  }
}

function explain(command: Command, helps: Helps): Command {
  const plain = new Help();
  return command.configureHelp({
    subcommandDescription: (shown) => helps.get(shown)?.() ?? shown.description(),
    commandDescription: (shown) => helps.get(shown)?.() ?? shown.description(),
    argumentDescription: (shown) => helps.get(shown)?.() ?? shown.description,
    optionDescription: (shown) => helps.get(shown)?.() ?? plain.optionDescription(shown),
  });
}

function withForm(comment: string, form: string): string {
  return comment === "" ? form : comment;
}
