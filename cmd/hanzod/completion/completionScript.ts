import type { WordNode } from "./wordTree.ts";

/** Shells that scripts are made for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** Flags whose value is a key's name. */
const KEY_FLAGS = ["--from", "--fee-payer", "--fee-granter", "--multisig"] as const;
/** Flags that say which home, keyring and node the values are asked of. */
const SCENE_FLAGS = ["--home", "--keyring-backend", "--node"] as const;
/** Hidden command that prints values, one per line. */
export const VALUES_COMMAND = "completion-values";

/** A script that completes the words of a command tree. It calls nothing but the shell, and the program for names of keys and pools. */
export function completionScript(shell: Shell, program: string, tree: readonly WordNode[]): string {
  switch (shell) {
    case "bash":
      return bashScript(program, tree);
    case "zsh":
      // zsh runs bash's completion functions once it is told to.
      return `autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(program, tree)}`;
    case "fish":
      return fishScript(program, tree);
  }
}

function bashScript(program: string, tree: readonly WordNode[]): string {
  const words = tree.map(
    ({ path, commands, flags, first = "" }) =>
      `    '${path}') words='${commands.join(" ")}'; flags='${flags.join(" ")}'; first='${first}' ;;`,
  );
  return `_${program}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" chain="" words="" flags="" first="" last="" kind="" word
  _${program}_words
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do
    case " $words " in *" $word "*) ;; *) continue ;; esac
    chain="\${chain:+$chain }$word"
    last="$word"
    _${program}_words
  done
  case "$previous" in
    ${KEY_FLAGS.join("|")}) kind=keys ;;
    "$last") kind="$first" ;;
  esac
  case "$current" in
    -*) words="$flags" ;;
    *) [ -z "$kind" ] || words="$(_${program}_values "$kind")" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))
}
_${program}_values() {
  local kind="$1" index scene=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "\${COMP_WORDS[index]}" in ${SCENE_FLAGS.join("|")}) scene+=("\${COMP_WORDS[index]}" "\${COMP_WORDS[index+1]}") ;; esac
  done
  "\${COMP_WORDS[0]}" ${VALUES_COMMAND} "$kind" "\${scene[@]}" 2>/dev/null
}
_${program}_words() {
  case "$chain" in
${words.join("\n")}
    *) words=''; flags=''; first='' ;;
  esac
}
complete -o filenames -F _${program} ${program}
`;
}

function fishScript(program: string, tree: readonly WordNode[]): string {
  const keyFlags: ReadonlySet<string> = new Set(KEY_FLAGS);
  const lines = tree.flatMap(({ path, commands, flags, first }) => {
    const here = `-n '__${program}_at "${path}"'`;
    const below = commands.length === 0 ? [] : [`complete -c ${program} -f ${here} -a '${commands.join(" ")}'`];
    const values =
      first === undefined ? [] : [`complete -c ${program} -f -n '__${program}_after "${path}"' -a '(__${program}_values ${first})'`];
    const ofFlags = flags.map((flag) => {
      const takes = keyFlags.has(flag) ? ` -x -a '(__${program}_values keys)'` : "";
      return `complete -c ${program} ${here} -l ${flag.replace(/^--/, "")}${takes}`;
    });
    return [...below, ...values, ...ofFlags];
  });
  const paths = tree.map(({ path }) => `'${path}'`).join(" ");
  return `set -g __${program}_paths ${paths}
function __${program}_at
  set -l path ''
  for word in (commandline -opc)[2..]
    set -l longer (string trim "$path $word")
    contains -- "$longer" $__${program}_paths; and set path "$longer"
  end
  test "$path" = "$argv[1]"
end
function __${program}_after
  __${program}_at "$argv[1]"; and test (commandline -opc)[-1] = (string split ' ' "$argv[1]")[-1]
end
function __${program}_values
  set -l words (commandline -opc)
  set -l scene
  for index in (seq 2 (math (count $words) - 1))
    contains -- $words[$index] ${SCENE_FLAGS.join(" ")}; and set -a scene $words[$index] $words[(math $index + 1)]
  end
  $words[1] ${VALUES_COMMAND} $argv[1] $scene 2>/dev/null
end
${lines.join("\n")}
`;
}
