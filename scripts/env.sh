# Sourced in the top folder by the Makefile and by the scripts that need Go or Node:
# puts the ones that scripts/setup.sh fetches where a system has none or too old ones
# before the system's. Where it had nothing to fetch the folders are not there.
# shellcheck shell=sh

go_wanted=$(awk '$1 == "go" { print $2; exit }' go.mod)
node_fetched=20.20.2

tools=${XDG_CACHE_HOME:-${HOME:-}/.cache}/mailroom
go_folder=$tools/go-$go_wanted
node_folder=$tools/node-$node_fetched

case $PATH in
"$go_folder/bin:$node_folder/bin:"*) ;;
*) export PATH="$go_folder/bin:$node_folder/bin:$PATH" ;;
esac
# It would lead one Go to the library of another.
[ ! -d "$go_folder" ] || unset GOROOT
