using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Sample.Api;
using Sample.Infrastructure.Replication;

namespace Sample.Tests;

/// <summary>The sample on two fresh SQLite files, without the tour.</summary>
public sealed class SampleFactory : WebApplicationFactory<Program>
{
    /// <summary>Its clients keep no cookies, so that each request is a stranger's and sees the replica as it is.</summary>
    public SampleFactory() => ClientOptions.HandleCookies = false;

    public IReplication Replication => Services.GetRequiredService<IReplication>();

    /// <summary>Starts a real server.</summary>
    public void StartOnFreePort()
    {
        // Not UseKestrel(0): that changes the server's addresses while the application's own thread may be starting it already.
        UseKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, port: 0));
        StartServer();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder.UseSetting("Tour:AtStart", "false");
}
