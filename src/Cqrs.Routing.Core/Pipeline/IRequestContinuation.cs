namespace Cqrs.Routing;

/// <summary>The rest of a mediator's pipeline: the behaviors inside routing, and the handler.</summary>
/// <typeparam name="TResponse">What the request answers.</typeparam>
/// <remarks>Make it a struct: then running a request through it allocates nothing for it.</remarks>
public interface IRequestContinuation<TResponse>
{
    /// <summary>Gets whether each call of <see cref="InvokeAsync"/> makes a new handler, and new inner behaviors, so that nothing that a first run left in a field is there in the second.</summary>
    /// <value>Where it is <see langword="false"/>, no handler runs twice: a query that its replica fails among the rows then fails.</value>
    static abstract bool CreatesHandler { get; }

    /// <summary>Runs the rest of the pipeline.</summary>
    /// <param name="cancellationToken">The request's.</param>
    /// <returns>What the handler answers.</returns>
    Task<TResponse> InvokeAsync(CancellationToken cancellationToken);
}
