using Cqrs.Routing.Testing;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Cqrs.Routing.DocsTests.Prelude;

/// <summary>The variables that snippets use without declaring them. Nothing runs.</summary>
public abstract class Variables
{
    protected readonly IServiceCollection services = null!;
    protected readonly IServiceProvider provider = null!;
    protected readonly IConfiguration configuration = null!;
    protected readonly DbContextOptionsBuilder options = null!;
    protected readonly WebApplicationBuilder builder = null!;
    protected readonly WebApplication app = null!;
    protected readonly RoutingSession session = null!;
    protected readonly CancellationToken cancellationToken;
    protected readonly AppDbContext db = null!;
    protected readonly Order order = null!;
    protected readonly ISender sender = null!;
    protected readonly LagSimulator lag = null!;
    protected readonly RouteRecorder routes = null!;
    protected readonly NpgsqlDataSource primaryDataSource = null!;
    protected readonly string primary = "";
    protected readonly string replica = "";
    protected readonly string listener = "";
    protected readonly string azure = "";
    protected readonly string email = "";
    protected readonly Guid id;
    protected readonly string[] args = [];
}
