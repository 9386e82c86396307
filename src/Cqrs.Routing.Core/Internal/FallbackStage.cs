namespace Cqrs.Routing.Internal;

/// <summary>The stage at which a query fell back to the primary. The later the stage, the more work is repeated.</summary>
internal enum FallbackStage
{
    /// <summary>Nothing was sent: the replica was known to be unavailable, or could not be opened.</summary>
    Connection,

    /// <summary>One statement failed before its first row, and runs again.</summary>
    Statement,

    /// <summary>Rows were being read: the query's handler runs again.</summary>
    Handler,
}
