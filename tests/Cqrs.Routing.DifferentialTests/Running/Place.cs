namespace Cqrs.Routing.DifferentialTests.Running;

/// <summary>Where a step runs.</summary>
/// <param name="Services">The scope.</param>
/// <param name="Scope">Its number.</param>
/// <param name="InQuery">Whether a query is around it.</param>
/// <param name="InCommand">Whether a command is around all of that, so that the primary answers.</param>
/// <param name="Forced">Whether the primary was asked for.</param>
/// <param name="Transacting">The context of the command's transaction, which everything inside uses: a second writer would wait for the first.</param>
public sealed record Place(IServiceProvider Services, int Scope, bool InQuery = false, bool InCommand = false, bool Forced = false, DbContext? Transacting = null)
{
    /// <summary>Whether the replica may answer what does not track.</summary>
    public bool MayBeStale => InQuery && !InCommand && !Forced;
}
