namespace Cqrs.Routing.DifferentialTests.Programs;

/// <summary>One step of a random program. Steps with a body nest.</summary>
public abstract record Step
{
    /// <summary>One thing done with a context or with an entity that is held in a register.</summary>
    /// <param name="Verb">What.</param>
    /// <param name="Target">The kind of entity.</param>
    /// <param name="Where">The context; inside a command's transaction it is the command's.</param>
    /// <param name="Register">The register of this kind that is used or filled; the other one serves where a second entity is needed.</param>
    /// <param name="Id">A key to look for.</param>
    /// <param name="Amount">A number to add or to write.</param>
    public sealed record Act(Verb Verb, Target Target, Where Where, int Register, int Id, int Amount) : Step;

    /// <param name="Kind">How it is sent.</param>
    /// <param name="Where">The context of the command's transaction.</param>
    /// <param name="Body">What its handler does.</param>
    public sealed record Send(RequestKind Kind, Where Where, Step[] Body) : Step;

    public sealed record BeginQuery(Step[] Body) : Step;

    public sealed record ForcePrimary(Step[] Body) : Step;

    /// <summary>The body runs in the scope's <c>RoutingSession</c>.</summary>
    public sealed record Session(Step[] Body) : Step;

    /// <summary>The scope ends, and its contexts with it; the next turn has a new one. Between turns only.</summary>
    public sealed record EndScope : Step;

    /// <summary>Somebody else writes to the primary. Between turns only.</summary>
    public sealed record SomebodyElse(Theirs Does, int Id) : Step;
}
