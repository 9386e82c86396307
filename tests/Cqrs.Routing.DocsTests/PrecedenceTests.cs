using Cqrs.Routing.Requests;
using Cqrs.Routing.Scopes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.DocsTests;

/// <summary>The tables of <c>docs/precedence.md</c> and of the README agree with the code for every combination.</summary>
public sealed class PrecedenceTests
{
    private const string Page = "docs/precedence.md";

    private static readonly IReadOnlyList<string[]> Requests = Table.Under(Page, "Where a request runs");

    private static readonly RouteDecision?[] Outers =
    [
        null,
        new(DatabaseRole.Replica, RouteReason.Query),
        .. Enum.GetValues<RouteReason>().Where(static reason => reason != RouteReason.Query).Select(static reason => (RouteDecision?)new RouteDecision(DatabaseRole.Primary, reason)),
    ];

    [Fact]
    public void A_request_runs_where_the_first_row_that_applies_says()
    {
        foreach (var kind in Enum.GetValues<RequestKind>())
            foreach (var outer in Outers)
                foreach (var readFromPrimary in (bool[])[false, true])
                    foreach (var tracks in (bool[])[false, true])
                        foreach (var wrote in (bool[])[false, true])
                        {
                            var row = Requests.First(row => Applies(row, kind, outer, readFromPrimary, tracks, wrote));
                            var reason = row[7] == "the outer one's" ? outer!.Value.Reason : Enum.Parse<RouteReason>(row[7]);

                            RoutePolicy.Decide(kind, readFromPrimary, outer, tracks, wrote).ShouldBe(
                                new(Enum.Parse<DatabaseRole>(row[6], ignoreCase: true), reason),
                                $"{kind} inside {outer}, [ReadFromPrimary] {readFromPrimary}, tracks {tracks}, wrote {wrote}: row {row[0]}");
                        }
    }

    [Fact]
    public void No_row_is_idle()
    {
        var used = from kind in Enum.GetValues<RequestKind>()
                   from outer in Outers
                   from readFromPrimary in (bool[])[false, true]
                   from tracks in (bool[])[false, true]
                   from wrote in (bool[])[false, true]
                   select Requests.First(row => Applies(row, kind, outer, readFromPrimary, tracks, wrote))[0];

        used.Distinct().Order().ShouldBe(Requests.Select(static row => row[0]));
    }

    [Fact]
    public void Code_outside_any_request_uses_the_primary() => RouteScope.Current.ShouldBe(new(DatabaseRole.Primary, RouteReason.NoRequest));

    [Fact]
    public void Forcing_gives_the_reason_that_the_table_says()
    {
        var rows = Table.Under(Page, "In ForcePrimary");
        rows.Count.ShouldBe(2);
        foreach (var outer in Outers)
        {
            var inCommand = outer is { Reason: RouteReason.Command or RouteReason.Unclassified or RouteReason.InsideCommand };
            RoutePolicy.Force(outer).ShouldBe(new(DatabaseRole.Primary, Enum.Parse<RouteReason>(rows[inCommand ? 0 : 1][2])));
        }
    }

    [Fact]
    public void A_request_is_what_the_first_row_that_applies_says()
    {
        using var provider = new ServiceCollection().AddRoutingBehavior(static routing => routing
            .TreatAsQuery(static type => type.Name.Contains("Reads"))
            .TreatAsCommand(static type => type.Name.Contains("Writes"))).BuildServiceProvider();
        var conventions = provider.GetRequiredService<IOptions<RoutingOptions>>().Value;
        Type?[] examples = [typeof(Both), typeof(QueryThatWrites), typeof(CommandThatReads), typeof(ReadsAndWrites), typeof(Reads), typeof(Writes), typeof(object)];

        examples.Select(type => Kind(type!, conventions)).ShouldBe(Table.Under(Page, "What a request is").Select(static row => row[2]));
    }

    [Fact]
    public void Every_reason_is_on_the_page()
    {
        var text = string.Join('\n', Documents.LinesOf(Page));

        Enum.GetNames<RouteReason>().Where(reason => !text.Contains($"`{reason}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void The_readme_has_the_same_reasons_in_the_same_order()
    {
        var readme = Table.Under("README.md", "How a request is routed").Select(static row => row[3]).ToList();

        readme[0].ShouldBe(nameof(RouteReason.NoRequest));
        readme.Skip(1).ShouldBe(Requests.Select(static row => row[7]));
    }

    private static bool Applies(string[] row, RequestKind kind, RouteDecision? outer, bool readFromPrimary, bool tracks, bool wrote) =>
        row[1] == kind.ToString().ToLowerInvariant()
        && row[2] switch
        {
            "anything" => true,
            "a command or an unclassified request" => outer is { Reason: RouteReason.Command or RouteReason.Unclassified },
            "anything else that is on the primary" => outer is { Route: DatabaseRole.Primary },
            var other => throw new InvalidDataException($"The table says '{other}'."),
        }
        && IsOrAny(row[3], readFromPrimary)
        && IsOrAny(row[4], tracks)
        && IsOrAny(row[5], wrote);

    private static bool IsOrAny(string cell, bool value) => cell == "any" || cell == (value ? "yes" : "no");

    private static string Kind(Type type, RoutingOptions options)
    {
        try
        {
            return RequestClassifier.Classify(type, options).ToString().ToLowerInvariant();
        }
        catch (InvalidOperationException)
        {
            return "refused";
        }
    }

    private interface Both : IQuery<int>, ICommand;

    private interface QueryThatWrites : IQuery<int>;

    private interface CommandThatReads : ICommand;

    private interface ReadsAndWrites;

    private interface Reads;

    private interface Writes;
}
