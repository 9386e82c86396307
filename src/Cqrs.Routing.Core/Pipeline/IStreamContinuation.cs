namespace Cqrs.Routing;

/// <summary>The rest of a mediator's pipeline for a request that answers element by element.</summary>
/// <typeparam name="TElement">The type of one element.</typeparam>
/// <remarks>Make it a struct: then running a stream through it allocates nothing for it.</remarks>
public interface IStreamContinuation<out TElement>
{
    /// <summary>Runs the rest of the pipeline, up to its first element at the earliest when that is asked for.</summary>
    /// <param name="cancellationToken">The request's.</param>
    /// <returns>The elements; they are enumerated once.</returns>
    IAsyncEnumerable<TElement> Invoke(CancellationToken cancellationToken);
}
