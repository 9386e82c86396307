namespace Cqrs.Routing.DifferentialTests.Running;

/// <summary>Where two runs of one program first disagree.</summary>
/// <param name="Expected">What EF Core alone showed.</param>
/// <param name="Actual">What the other run showed.</param>
/// <param name="RowsDiffer">Whether the primary is left with other rows: something was lost, or written from stale values.</param>
public sealed record Difference(Observation? Expected, Observation? Actual, bool RowsDiffer)
{
    public static Difference? Find(IReadOnlyList<Observation> expected, IReadOnlyList<Observation> actual)
    {
        var rowsDiffer = RowsOf(expected) != RowsOf(actual);
        for (var i = 0; i < Math.Max(expected.Count, actual.Count); i++)
        {
            var (one, other) = (expected.ElementAtOrDefault(i), actual.ElementAtOrDefault(i));
            if (one is null || other is null || (one.Kind, one.Where) != (other.Kind, other.Where) || (one.Text != other.Text && !one.MayBeStale))
                return new(one, other, rowsDiffer);
        }

        return null;
    }

    public override string ToString() => $"""
        {(RowsDiffer ? "the rows of the primary differ at the end; first seen" : "the rows of the primary agree at the end, but")} at {Expected?.Where ?? Actual?.Where} ({Expected?.Kind ?? Actual?.Kind}):
        plain  {Text(Expected)}
        {(Actual?.Where == Expected?.Where ? "routed" : $"routed (at {Actual?.Where})")} {Text(Actual)}
        """;

    private static string RowsOf(IReadOnlyList<Observation> seen) => seen.Single(observation => observation.Kind == ObservationKind.Rows).Text;

    private static string Text(Observation? observation) => observation is null ? "nothing"
        : (observation.Text.Contains('\n', StringComparison.Ordinal) ? "\n" : "") + observation.Text + (observation.Detail is null ? "" : $": {observation.Detail}");
}
