using MediatR;

namespace Cqrs.Routing.Benchmarks.PointQuery;

/// <summary>The behavior of a hand-written connection switch: queries want the replica.</summary>
internal sealed class ReplicaWanted<TRequest, TResponse> : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    private static readonly bool IsQuery = typeof(IQuery<TResponse>).IsAssignableFrom(typeof(TRequest));

    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        var outer = ConnectionStringRewriter.ReplicaIsWanted.Value;
        ConnectionStringRewriter.ReplicaIsWanted.Value = IsQuery;
        try
        {
            return await next();
        }
        finally
        {
            ConnectionStringRewriter.ReplicaIsWanted.Value = outer;
        }
    }
}
