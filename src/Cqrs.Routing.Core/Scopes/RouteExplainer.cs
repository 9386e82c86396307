using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Requests;

namespace Cqrs.Routing.Scopes;

/// <summary>Builds the explanation of a decision. Allocates; call it on demand only.</summary>
internal static class RouteExplainer
{
    /// <summary>Explains the route of the running request and of the requests around it.</summary>
    public static RouteExplanation Explain(RouteFrame? frame) => new(frame?.Decision ?? RouteDecision.Default, StepsOf(frame));

    /// <summary>Explains the route of the running request and of one of its contexts.</summary>
    /// <param name="frame">The request.</param>
    /// <param name="decision">The decision for the context.</param>
    /// <param name="context">The name of the context.</param>
    /// <param name="inTransaction">Whether the context has a transaction open on that server.</param>
    public static RouteExplanation Explain(RouteFrame frame, RouteDecision decision, string context, bool inTransaction)
    {
        var steps = StepsOf(frame);
        if (inTransaction)
            steps.Add($"on the transaction that {context} has open");
        else if (decision.Reason == RouteReason.OpenConnection)
            steps.Add($"on the connection that {context} has open");
        else if (decision.Reason != frame.Decision.Reason)
            steps.Add($"{context}: {RouteReasons.Describe(decision.Reason)}");
        return new(decision, steps);
    }

    /// <summary>Explains the route of a context that is not routed, whatever the running request.</summary>
    public static RouteExplanation ExplainUnrouted(string context) =>
        new(new(DatabaseRole.Primary, RouteReason.NoReplica), [$"{context} does not call UseReplica, or its provider is not relational, so it is not routed"]);

    private static List<string> StepsOf(RouteFrame? frame)
    {
        if (frame is null)
            return [RouteReasons.Describe(RouteReason.NoRequest)];

        List<string> steps = [Wish(frame)];
        for (var inner = frame; ; inner = inner.Outer)
        {
            if (!inner.Decision.Reason.Has(RouteReasonTraits.Request) && inner.Outer?.Decision.Reason != inner.Decision.Reason)
                steps.Add(RouteReasons.Describe(inner.Decision.Reason));
            if (inner.Outer is not { } outer)
                return steps;
            steps.Add($"inside {Title(outer)}");
        }
    }

    private static string Wish(RouteFrame frame) => frame switch
    {
        { IsRequest: false } or { Request.ReadFromPrimary: true } => $"{frame.Request.Name} asks for the primary",
        { Request.Kind: RequestKind.Query } => $"{frame.Request.Name} asks for the replica",
        { Request.Kind: RequestKind.Command } => $"{frame.Request.Name} is a command",
        _ => $"{frame.Request.Name} is neither query nor command",
    };

    private static string Title(RouteFrame frame) => frame switch
    {
        _ when frame.Request.Type == typeof(RouteScope) => frame.Request.Name,
        { Request.Kind: RequestKind.Query } => $"query {frame.Request.Name}{(frame.Request.ReadFromPrimary ? ", which asks for the primary" : "")}",
        { Request.Kind: RequestKind.Command } => $"command {frame.Request.Name}",
        _ => $"{frame.Request.Name}, which is neither query nor command",
    };
}
