using Cqrs.Routing.TestKit.Model;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.TestKit.Requests;

/// <summary>What the code of a handler has at hand: the scope that the handler was made in.</summary>
public sealed record Handling(IServiceProvider Services, CancellationToken CancellationToken)
{
    public ShopContext Db => Services.GetRequiredService<ShopContext>();

    public ISender Sender => Services.GetRequiredService<ISender>();

    public IDbContextFactory<ShopContext> Factory => Services.GetRequiredService<IDbContextFactory<ShopContext>>();
}
