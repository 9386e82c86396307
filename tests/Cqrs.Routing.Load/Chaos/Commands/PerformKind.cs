namespace Cqrs.Routing.Load.Chaos.Commands;

/// <summary>How a command of the chaos run writes.</summary>
internal enum PerformKind
{
    SaveChanges,
    RawSql,
    Transaction,
    TransactionScope,
    Transfer,

    /// <summary>In its transaction it sends a query, which must see what is not committed yet.</summary>
    WithQuery,

    /// <summary>Nothing of it remains, and nobody may ever see it.</summary>
    RollsBack,
}
