namespace Cqrs.Routing.ConformanceTests.Injection;

/// <summary>How a request uses its connection.</summary>
internal enum Style
{
    /// <summary>EF opens it for each statement.</summary>
    Plain,

    /// <summary>In a transaction of its own.</summary>
    Transaction,

    /// <summary>It opens it by hand, and closes it again.</summary>
    ByHand,
}
