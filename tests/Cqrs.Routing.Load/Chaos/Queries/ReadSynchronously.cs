using Cqrs.Routing.Load.Application;

namespace Cqrs.Routing.Load.Chaos.Queries;

/// <summary>Code that does not await.</summary>
internal sealed record ReadSynchronously(int Own, int Shared) : ChaosQuery(Own, Shared);

internal sealed class ReadSynchronouslyHandler(LoadContext db) : IQueryHandler<ReadSynchronously, Answer>
{
    public Task<Answer> Handle(ReadSynchronously query, CancellationToken cancellationToken) => Task.FromResult(new Answer([db.Read(query.Own, query.Shared).Single()]));
}
