namespace Cqrs.Routing.DifferentialTests.Worlds;

/// <summary>How the contexts of an application reach the servers.</summary>
public enum Wiring
{
    /// <summary>EF Core alone: what the others are compared with.</summary>
    Plain,

    /// <summary><c>UseReplica</c> with the replica: what is tested.</summary>
    Routed,

    /// <summary><c>UseReplica(null)</c>.</summary>
    NoReplica,

    /// <summary>As <see cref="Routed"/>, but every query is forced to the primary. It must agree by definition: it tests the test.</summary>
    Forced,

    /// <summary>EF Core alone, and what does not track is read through a second context on the replica, by hand: the rule without the library.</summary>
    ByHand,
}
