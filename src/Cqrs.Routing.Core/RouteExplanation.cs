namespace Cqrs.Routing;

/// <summary>Explains step by step why code runs on its server.</summary>
public sealed record RouteExplanation
{
    internal RouteExplanation(RouteDecision decision, IReadOnlyList<string> steps) => (Decision, Steps) = (decision, steps);

    /// <summary>Gets the server and the reason.</summary>
    public RouteDecision Decision { get; }

    /// <summary>
    /// Gets the steps from the request to the deciding fact: <c>GetTotal asks for the replica</c>, <c>inside command PayOrder</c>,
    /// <c>on the transaction that ShopContext has open</c>. The texts are for people and may change.
    /// </summary>
    public IReadOnlyList<string> Steps { get; }

    /// <summary>Returns the decision and its steps in one line.</summary>
    /// <returns>The text, such as <c>Primary (InsideCommand): GetTotal asks for the replica; inside command PayOrder</c>.</returns>
    public override string ToString() => $"{Decision}: {string.Join("; ", Steps)}";
}
