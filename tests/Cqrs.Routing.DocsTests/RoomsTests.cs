namespace Cqrs.Routing.DocsTests;

/// <summary>The table of rooms in <c>docs/architecture.md</c> agrees with the sources.</summary>
public sealed class RoomsTests
{
    private const int MaxFiles = 20;

    private static readonly string Core = Path.Combine(Documents.Root, "src", "Cqrs.Routing.Core");

    private static readonly IReadOnlyList<string[]> Table = DocsTests.Table.Under("docs/architecture.md", "Rooms");

    private static readonly IReadOnlyList<string[]> Rows = [.. Table.Where(static row => !IsLine(row))];

    // The compiler needs many seconds for it.
    private static readonly Lazy<IReadOnlyList<FolderUse>> Uses = new(static () => FolderDependencies.Find(Core));

    private static readonly Dictionary<string, string[]> MayUse = Rows.ToDictionary(
        static row => FolderOf(row[0]),
        static row => row[2].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(FolderOf).ToArray());

    [Fact]
    public void The_table_has_each_folder_of_the_core_once() =>
        Rows.Select(static row => FolderOf(row[0])).Order(StringComparer.Ordinal).ShouldBe(Folders().Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void A_room_uses_only_rooms_that_stand_above_it_so_there_is_no_cycle()
    {
        var above = new List<string>();
        foreach (var row in Rows)
        {
            var room = FolderOf(row[0]);
            MayUse[room].Except(above).ShouldBeEmpty(room);
            above.Add(room);
        }
    }

    [Fact]
    public void A_room_uses_what_the_table_says_and_nothing_else()
    {
        var uses = Uses.Value.Where(static use => use.To != FolderDependencies.EntityFramework).ToList();

        uses.Where(use => !MayUse[use.From].Contains(use.To)).Select(static use => $"{use.From}/{use.File} uses {use.Type} of {use.To}").ShouldBeEmpty();
        foreach (var (room, others) in MayUse)
            others.Except(uses.Where(use => use.From == room).Select(static use => use.To)).ShouldBeEmpty($"{room} does not use these");
    }

    [Fact]
    public void Rooms_above_the_line_know_nothing_of_EF()
    {
        var withoutEF = Table.TakeWhile(static row => !IsLine(row)).Select(static row => FolderOf(row[0])).ToList();

        withoutEF.Count.ShouldBeInRange(1, Rows.Count - 1);
        Uses.Value.Where(use => use.To == FolderDependencies.EntityFramework && withoutEF.Contains(use.From))
            .Select(static use => $"{use.From}/{use.File} uses {use.Type}").ShouldBeEmpty();
    }

    [Fact]
    public void A_room_holds_at_most_twenty_files() =>
        Folders().Where(static folder => folder.Value > MaxFiles).ShouldBeEmpty();

    private static Dictionary<string, int> Folders() => Directory.EnumerateFiles(Core, "*.cs", SearchOption.AllDirectories)
        .GroupBy(static file => FolderDependencies.FolderOf(file, Core))
        .ToDictionary(static folder => folder.Key, static folder => folder.Count());

    private static bool IsLine(string[] row) => row[0].StartsWith("**", StringComparison.Ordinal);

    private static string FolderOf(string cell) => cell == "EF" || cell.StartsWith("EF/", StringComparison.Ordinal) ? $"EntityFrameworkCore{cell[2..]}" : cell;
}
