namespace Cqrs.Routing.DifferentialTests.Worlds;

public sealed class LookHandler(IServiceProvider services) : IQueryHandler<Look, object?>
{
    public async Task<object?> Handle(Look request, CancellationToken cancellationToken)
    {
        await request.Body(new(services, cancellationToken));
        return null;
    }
}
