#!/usr/bin/env bash
# Packs the library twice, compares the bytes, and tests that one binary with every MediatR it supports.
# usage: eng/test-package.sh [MEDIATR_VERSION...]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

versions=("$@")
[[ $# -gt 0 ]] || versions=(12.4.1 14.3.0 15.0.0)
projects=(Cqrs.Routing.Attributes Cqrs.Routing.Abstractions Cqrs.Routing.Core Cqrs.Routing Cqrs.Routing.AspNetCore Cqrs.Routing.Testing)
feed=$PWD/artifacts/package/release
work=$PWD/artifacts/package-tests
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

rm -rf "$feed" "$work"
# A version that no package cache has seen, so that what runs is what was packed now. It needs no tag and no history.
version=0.1.0-test.$(date +%s)
# What SourceLink has to name; nothing where .git is absent. The folder may have another owner, as in CI.
commit=$(git -c safe.directory='*' rev-parse --verify -q HEAD 2>/dev/null || true)
[[ -e .git ]] || commit=

pack() {
  for project in "${projects[@]}"; do
    dotnet pack "$1/src/$project" -c Release -v q -p:MinVerVersionOverride="$version" "${@:2}"
  done
}

# From sources in another folder, compiled again: a path, a time or a random name in a package would show.
pack_again() {
  tar -c --exclude=./artifacts --exclude=./tests --exclude='*/bin' --exclude='*/obj' . | tar -x -C "$copy"
  # Analyzers change nothing in a package.
  pack "$copy" -p:RunAnalyzers=false
  local different=0
  for package in "$feed"/*; do
    cmp "$package" "$copy/artifacts/package/release/$(basename "$package")" || different=1
  done
  [[ $different -eq 0 ]] || return 1
  echo "Packed twice: $(find "$feed" -type f | wc -l) files with the same bytes"
}

# A tag is the version, also where git has to be told that the folder is trusted.
check_version_of_tag() {
  rm -rf "$copy/.git"
  git -C "$copy" init -q
  git -C "$copy" -c user.name=test -c user.email=test@example.org commit -q --allow-empty -m "Release"
  git -C "$copy" tag v7.8.9
  local tagged
  tagged=$(dotnet msbuild "$copy/src/Cqrs.Routing.Attributes" -t:MinVer -getProperty:PackageVersion)
  [[ $tagged == 7.8.9 ]] || { echo "The tag v7.8.9 gave version '$tagged'" >&2; return 1; }
}

failed=0
pack .
pack_again || failed=1
check_version_of_tag || failed=1

# It goes into a cache of this run; everything else comes from the user's, which stays as it is.
RestoreFallbackFolders=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')
mkdir -p "$RestoreFallbackFolders"
export RestoreFallbackFolders
export RestorePackagesPath=$work/packages

for mediatr in "${versions[@]}"; do
  echo "MediatR $mediatr"
  dotnet test --project tests/Cqrs.Routing.PackageTests -p:ArtifactsPath="$work/$mediatr" -p:MediatRVersion="$mediatr" \
    -p:PackageFeed="$feed" -p:PackedVersion="$version" -p:PackedCommit="$commit" || failed=1
done
exit $failed
