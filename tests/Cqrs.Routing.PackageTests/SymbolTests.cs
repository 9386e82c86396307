using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Cqrs.Routing.PackageTests;

/// <summary>
/// The packed binary and its symbols. The address in the SourceLink is compared, and the sources behind it with the folder's. It is not opened: the repository has no public address yet.
/// </summary>
public sealed class SymbolTests
{
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");
    private static readonly Guid Sha256 = new("8829d00f-11b8-4213-878b-770e8597ac16");

    public static TheoryData<string> Packages => PackageTests.Packages;

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_binary_is_deterministic_and_its_symbols_are_the_packed_ones(string id)
    {
        using var binary = new PEReader(Read(Requested.Package(id), $"lib/net10.0/{id}.dll"));
        var symbols = Read(Requested.Symbols(id), $"lib/net10.0/{id}.pdb");
        var entries = binary.ReadDebugDirectory();
        using var provider = MetadataReaderProvider.FromPortablePdbStream(symbols, MetadataStreamOptions.LeaveOpen);
        var identity = new BlobContentId(provider.GetMetadataReader().DebugMetadataHeader!.Id);

        entries.ShouldContain(entry => entry.Type == DebugDirectoryEntryType.Reproducible);
        var codeView = entries.Single(entry => entry.Type == DebugDirectoryEntryType.CodeView);
        codeView.IsPortableCodeView.ShouldBeTrue();
        binary.ReadCodeViewDebugDirectoryData(codeView).Guid.ShouldBe(identity.Guid);
        codeView.Stamp.ShouldBe(identity.Stamp);
        binary.ReadCodeViewDebugDirectoryData(codeView).Path.ShouldStartWith("/_");
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_symbols_link_to_the_commit_that_was_packed(string id)
    {
        using var provider = Symbols(id);
        var reader = provider.GetMetadataReader();
        var links = Of(reader, EntityHandle.ModuleDefinition, SourceLink);

        if (Requested.PackedCommit.Length == 0)
        {
            links.ShouldBeEmpty();
            return;
        }

        using var link = JsonDocument.Parse(links.ShouldHaveSingleItem());
        var documents = link.RootElement.GetProperty("documents").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString());
        var raw = Requested.RepositoryUrl.Replace("https://github.com/", "https://raw.githubusercontent.com/", StringComparison.Ordinal);
        documents.ShouldBe(new Dictionary<string, string?> { ["/_/*"] = $"{raw}/{Requested.PackedCommit}/*" });
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Every_source_is_a_file_of_the_repository_or_embedded(string id)
    {
        using var provider = Symbols(id);
        var reader = provider.GetMetadataReader();
        var embedded = 0;

        reader.Documents.ShouldNotBeEmpty();
        foreach (var handle in reader.Documents)
        {
            var document = reader.GetDocument(handle);
            var name = reader.GetString(document.Name);
            name.ShouldStartWith("/_");
            if (Of(reader, handle, EmbeddedSource).Count > 0)
            {
                embedded++;
                continue;
            }

            var file = Path.Combine(Requested.Root, name["/_/".Length..]);
            File.Exists(file).ShouldBeTrue(name);
            reader.GetGuid(document.HashAlgorithm).ShouldBe(Sha256);
            SHA256.HashData(File.ReadAllBytes(file)).ShouldBe(reader.GetBlobBytes(document.Hash), name);
        }

        // The assembly's attributes at least are generated. Without a repository the build cannot tell what is in none.
        if (Requested.PackedCommit.Length > 0)
            embedded.ShouldBeGreaterThan(0);
    }

    private static List<string> Of(MetadataReader reader, EntityHandle parent, Guid kind) =>
    [
        .. reader.GetCustomDebugInformation(parent).Select(reader.GetCustomDebugInformation)
            .Where(information => reader.GetGuid(information.Kind) == kind)
            .Select(information => Encoding.UTF8.GetString(reader.GetBlobBytes(information.Value))),
    ];

    private static MetadataReaderProvider Symbols(string id) =>
        MetadataReaderProvider.FromPortablePdbStream(Read(Requested.Symbols(id), $"lib/net10.0/{id}.pdb"));

    private static MemoryStream Read(string package, string name)
    {
        using var zip = ZipFile.OpenRead(package);
        using var entry = zip.GetEntry(name)!.Open();
        var content = new MemoryStream();
        entry.CopyTo(content);
        content.Position = 0;
        return content;
    }
}
