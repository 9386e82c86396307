namespace Cqrs.Routing.DocsTests.Prelude;

public interface IAppQueryHandler<TQuery, TResult>
    where TQuery : IAppQuery<TResult>
{
    Task<TResult> HandleAsync(TQuery query, CancellationToken cancellationToken);
}
