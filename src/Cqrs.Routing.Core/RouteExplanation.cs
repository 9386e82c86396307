namespace Cqrs.Routing;

/// <summary>Why something runs where it runs, step by step.</summary>
/// <param name="Decision">Where it runs.</param>
/// <param name="Steps">
/// From the request to what decided: <c>GetTotal asks for the replica</c>, <c>inside command PayOrder</c>, <c>on the transaction that ShopContext has open</c>.
/// For people: the words may change.
/// </param>
public sealed record RouteExplanation(RouteDecision Decision, IReadOnlyList<string> Steps)
{
    /// <summary>All of it in one line.</summary>
    /// <returns>Such as <c>Primary (InsideCommand): GetTotal asks for the replica; inside command PayOrder</c>.</returns>
    public override string ToString() => $"{Decision}: {string.Join("; ", Steps)}";
}
