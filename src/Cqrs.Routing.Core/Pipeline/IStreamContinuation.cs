namespace Cqrs.Routing;

/// <summary>Represents the rest of a mediator's pipeline for a request that returns a stream of elements.</summary>
/// <typeparam name="TElement">The type of one element.</typeparam>
/// <remarks>Implement it as a struct to avoid an allocation per stream.</remarks>
public interface IStreamContinuation<out TElement>
{
    /// <summary>Runs the rest of the pipeline. It may wait until the first element is requested.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The elements. They are enumerated once.</returns>
    IAsyncEnumerable<TElement> Invoke(CancellationToken cancellationToken);
}
