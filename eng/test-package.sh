#!/usr/bin/env bash
# Packs the library once and tests that one binary with every MediatR it supports.
# usage: eng/test-package.sh [MEDIATR_VERSION...]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

versions=("$@")
[[ $# -gt 0 ]] || versions=(12.4.1 14.3.0 15.0.0)
feed=$PWD/artifacts/package/release
work=$PWD/artifacts/package-tests

rm -rf "$feed" "$work"
# A version that no package cache has seen, so that what runs is what was packed now.
suffix=test.$(date +%s)
for project in Cqrs.Routing.Attributes Cqrs.Routing.Abstractions Cqrs.Routing.Core Cqrs.Routing Cqrs.Routing.AspNetCore Cqrs.Routing.Testing; do
  dotnet pack "src/$project" -c Release -v q --version-suffix "$suffix"
done
packed=$(basename "$feed"/Cqrs.Routing.[0-9]*.nupkg .nupkg)

# It goes into a cache of this run; everything else comes from the user's, which stays as it is.
RestoreFallbackFolders=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')
mkdir -p "$RestoreFallbackFolders"
export RestoreFallbackFolders
export RestorePackagesPath=$work/packages

failed=0
for version in "${versions[@]}"; do
  echo "MediatR $version"
  dotnet test --project tests/Cqrs.Routing.PackageTests -p:ArtifactsPath="$work/$version" -p:MediatRVersion="$version" \
    -p:PackageFeed="$feed" -p:PackedVersion="${packed#Cqrs.Routing.}" || failed=1
done
exit $failed
