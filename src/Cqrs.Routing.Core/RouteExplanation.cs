namespace Cqrs.Routing;

/// <summary>Why something runs where it runs, step by step.</summary>
public sealed record RouteExplanation
{
    internal RouteExplanation(RouteDecision decision, IReadOnlyList<string> steps) => (Decision, Steps) = (decision, steps);

    /// <summary>Gets where it runs.</summary>
    public RouteDecision Decision { get; }

    /// <summary>
    /// Gets the steps from the request to what decided: <c>GetTotal asks for the replica</c>, <c>inside command PayOrder</c>, <c>on the transaction that ShopContext has open</c>.
    /// For people: the words may change.
    /// </summary>
    public IReadOnlyList<string> Steps { get; }

    /// <summary>Writes all of it in one line.</summary>
    /// <returns>Such as <c>Primary (InsideCommand): GetTotal asks for the replica; inside command PayOrder</c>.</returns>
    public override string ToString() => $"{Decision}: {string.Join("; ", Steps)}";
}
