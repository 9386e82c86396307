namespace Cqrs.Routing.Internal;

/// <summary>Where on its way to the replica a query had to turn back. The later, the more is done twice.</summary>
internal enum FallbackStage
{
    /// <summary>Nothing was sent: the replica was known to be unable, or could not be opened.</summary>
    Connection,

    /// <summary>One statement failed before it gave a row, and runs again.</summary>
    Statement,

    /// <summary>Rows were being read: the query's handler runs again.</summary>
    Handler,
}
