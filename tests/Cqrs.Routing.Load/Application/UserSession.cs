using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Load.Application;

/// <summary>One user, whose every request is handled in a scope of its own, by either instance. Between them there is only the token.</summary>
internal sealed class UserSession(IReadOnlyList<ServiceProvider> instances, bool carriesTokens, Random random)
{
    private IReadOnlyList<string> _tokens = [];

    /// <summary>One request.</summary>
    public async Task RequestAsync(Func<ISender, Task> handle, CancellationToken cancellationToken) =>
        await InParallelAsync(
            1,
            async (ISender sender) =>
            {
                await handle(sender);
                return true;
            },
            cancellationToken);

    /// <summary>Requests that the user's browser sends at the same time: none knows what another one saw, the next one knows it all.</summary>
    public Task<T[]> InParallelAsync<T>(int count, Func<ISender, Task<T>> handle, CancellationToken cancellationToken) =>
        InParallelAsync(count, (IServiceProvider services) => handle(services.GetRequiredService<ISender>()), cancellationToken);

    /// <summary>The same, for requests that need more of their scope than the mediator.</summary>
    public async Task<T[]> InParallelAsync<T>(int count, Func<IServiceProvider, Task<T>> handle, CancellationToken cancellationToken)
    {
        var before = _tokens;
        var after = new string?[count];
        try
        {
            return await Task.WhenAll(Enumerable.Range(0, count).Select(HandleAsync));
        }
        finally
        {
            _tokens = [.. after.OfType<string>()];
        }

        async Task<T> HandleAsync(int index)
        {
            await using var scope = instances[random.Next(instances.Count)].CreateAsyncScope();
            var session = scope.ServiceProvider.GetRequiredService<RoutingSession>();
            foreach (var token in before)
                session.TryResume(token);
            try
            {
                return await handle(scope.ServiceProvider);
            }
            finally
            {
                if (carriesTokens)
                    after[index] = await session.GetTokenAsync(cancellationToken);
            }
        }
    }
}
