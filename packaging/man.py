#!/usr/bin/env python3
"""Writes man pages from the program's own help: bhav.1 and one page a command.

    packaging/man.py PROGRAM FOLDER
"""

import json
import pathlib
import subprocess
import sys


def escaped(text):
    """Text as roff takes it; a line must not begin with a control character."""
    lines = text.replace("\\", "\\e").replace("-", "\\-").splitlines()
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in lines)


def option_names(argument):
    names = []
    for name in argument.get("names") or []:
        names.append(("-" if name["kind"] == "short" else "--") + name["name"])
    value = argument.get("valueName", "value")
    if argument["kind"] == "option":
        return ", ".join(names) + f" <{value}>"
    return ", ".join(names) if names else f"<{value}>"


def synopsis(path, command):
    words = [" ".join(path)]
    for argument in command.get("arguments", []):
        if not argument.get("shouldDisplay", True) or argument["kind"] != "positional":
            continue
        word = f"<{argument['valueName']}>" + ("..." if argument.get("isRepeating") else "")
        words.append(f"[{word}]" if argument.get("isOptional") else word)
    words.append("[options]")
    if command.get("subcommands"):
        words.append("<command>")
    return " ".join(words)


def discussion(text):
    """Paragraphs; the examples, which are lines that begin with the program's name, as they are."""
    out = []
    for paragraph in text.split("\n\n"):
        lines = paragraph.splitlines()
        if any(line.startswith(("bhav ", "  ", "BHAV_", "set -a")) for line in lines):
            out += [".PP", ".nf", ".RS 4", escaped(paragraph), ".RE", ".fi"]
        else:
            out += [".PP", escaped(paragraph)]
    return out


def page(path, command, version, see_also):
    name = "-".join(path)
    out = [
        f'.TH "{name.upper()}" "1" "" "bhav {version}" "User Commands"',
        ".SH NAME", f"{escaped(name)} \\- {escaped(command.get('abstract', ''))}",
        ".SH SYNOPSIS", f".B {escaped(synopsis(path, command))}",
    ]
    if command.get("discussion"):
        out += [".SH DESCRIPTION"] + discussion(command["discussion"])
    arguments = [item for item in command.get("arguments", []) if item.get("shouldDisplay", True)]
    if arguments:
        out.append(".SH OPTIONS")
        for item in arguments:
            help_text = item.get("abstract", "")
            default = item.get("defaultValue")
            if default and "default" not in help_text:
                help_text += f" (default: {default})"
            out += [".TP", f".B {escaped(option_names(item))}", escaped(help_text)]
    commands = [item for item in command.get("subcommands", []) if item["commandName"] != "help"]
    if commands:
        out.append(".SH COMMANDS")
        for item in commands:
            out += [".TP", f".B {escaped(item['commandName'])}", escaped(item.get("abstract", ""))]
    out += [".SH SEE ALSO", escaped(", ".join(f"{other}(1)" for other in see_also if other != name))]
    return "\n".join(out) + "\n"


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    tree = json.loads(subprocess.run([program, "--experimental-dump-help"], check=True, capture_output=True).stdout)
    version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    folder.mkdir(parents=True, exist_ok=True)
    pages = {}

    def walk(path, command):
        pages["-".join(path)] = (path, command)
        for item in command.get("subcommands", []):
            if item["commandName"] != "help":
                walk([*path, item["commandName"]], item)

    walk(["bhav"], tree["command"])
    for name, (path, command) in pages.items():
        near = [other for other in pages if other == "bhav" or other.startswith(name + "-")]
        (folder / f"{name}.1").write_text(page(path, command, version, near or ["bhav"]), encoding="utf-8")
    print(f"man: {len(pages)} pages in {folder}")


if __name__ == "__main__":
    main()
