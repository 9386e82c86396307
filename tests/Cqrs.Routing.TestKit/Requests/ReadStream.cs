namespace Cqrs.Routing.TestKit.Requests;

/// <summary>A streaming query.</summary>
public sealed record ReadStream(Func<Handling, IAsyncEnumerable<object>> Body) : IStreamQuery<object>;
