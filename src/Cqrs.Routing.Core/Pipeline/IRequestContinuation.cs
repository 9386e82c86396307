namespace Cqrs.Routing;

/// <summary>Represents the rest of a mediator's pipeline: the behaviors inside routing, and the handler.</summary>
/// <typeparam name="TResponse">The type of the response.</typeparam>
/// <remarks>Implement it as a struct to avoid an allocation per request.</remarks>
public interface IRequestContinuation<TResponse>
{
    /// <summary>Gets whether each call of <see cref="InvokeAsync"/> creates a new handler and new inner behaviors. A second run then sees no field values of the first.</summary>
    /// <value>If <see langword="false"/>, no handler runs twice. A query then fails if its replica fails while rows are read.</value>
    static abstract bool CreatesHandler { get; }

    /// <summary>Runs the rest of the pipeline.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The response of the handler.</returns>
    Task<TResponse> InvokeAsync(CancellationToken cancellationToken);
}
