namespace Cqrs.Routing.Load.Application;

/// <summary>How a command writes.</summary>
internal enum WriteKind
{
    SaveChanges,
    ExecuteUpdate,
    Transaction,
    TransactionScope,
    RawSql,

    /// <summary>A statement that returns rows and writes, sent as a query.</summary>
    Returning,

    /// <summary>A command of the driver's own, on the connection that the context hands out.</summary>
    BareConnection,

    /// <summary>The command fails, but only after it has committed.</summary>
    CommitsAndFails,
}
