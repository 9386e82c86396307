namespace Cqrs.Routing.ConformanceTests.Tracking.Shapes;

/// <summary>The name that a server knows everything under, told by what it answers.</summary>
internal static class Told
{
    private const string Replicated = DatabasePair.Replicated;
    private const string Current = DatabasePair.Current;

    /// <summary>All rows have the same name.</summary>
    public static string By(IEnumerable<string> names) => names.Distinct().Single();

    /// <summary>Whether the rows are called as on the replica.</summary>
    public static string ByMatch(bool matchesReplica) => matchesReplica ? Replicated : Current;

    /// <summary>The length of the name.</summary>
    public static string ByLength(double length) => length == Replicated.Length ? Replicated : length == Current.Length ? Current : $"of length {length}";
}
