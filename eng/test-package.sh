#!/usr/bin/env bash
# Packs the library once and tests that one binary with every MediatR it supports.
# usage: eng/test-package.sh [MEDIATR_VERSION...]; further options for `dotnet test` in TEST_OPTIONS
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

versions=("$@")
[[ $# -gt 0 ]] || versions=(12.4.1 14.3.0 15.0.0)
feed=$PWD/artifacts/package/release
work=$PWD/artifacts/package-tests

rm -rf "$feed" "$work"
for project in Cqrs.Routing.Abstractions Cqrs.Routing; do
  dotnet pack "src/$project" -c Release -v q
done
packed=$(basename "$feed"/Cqrs.Routing.[0-9]*.nupkg .nupkg)

# What was packed now is unpacked into a cache of this run, never into the user's, which may hold an older build of the same version;
# everything else comes from the user's cache.
RestoreFallbackFolders=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')
export RestoreFallbackFolders
export RestorePackagesPath=$work/packages

failed=0
for version in "${versions[@]}"; do
  echo "MediatR $version"
  # shellcheck disable=SC2086 # several options in one variable
  dotnet test --project tests/Cqrs.Routing.PackageTests -p:ArtifactsPath="$work/$version" -p:MediatRVersion="$version" \
    -p:PackageFeed="$feed" -p:PackedVersion="${packed#Cqrs.Routing.}" ${TEST_OPTIONS:-} || failed=1
  cmp "$feed/$packed.nupkg" "$work/packages/cqrs.routing/${packed#Cqrs.Routing.}/cqrs.routing.${packed#Cqrs.Routing.}.nupkg"
done
exit $failed
