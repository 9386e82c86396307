using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Shadow;

/// <summary>Applications whose requests run in shadow mode.</summary>
public abstract class ShadowTest(DatabasePair pair) : ConformanceTest(pair)
{
    protected static ShadowReport ReportOf(RoutedApp app) => app.Services.GetRequiredService<ShadowReport>();

    protected static ShadowedRequest Found<TRequest>(RoutedApp app) => ReportOf(app).Requests.Single(request => request.Name == typeof(TRequest).Name);

    protected static Read ReadName() => new(async handling => await handling.Db.Orders.AsNoTracking().Select(order => order.Name).SingleAsync());

    protected static async Task<int> RenameAsync(Handling handling, string name) =>
        await handling.Db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, name));

    protected RoutedApp StartInShadow(Action<RoutedAppOptions>? configure = null, Action<RoutingRolloutOptions>? rollout = null) => Start(options =>
    {
        configure?.Invoke(options);
        var services = options.ConfigureServices;
        options.ConfigureServices = collection =>
        {
            services?.Invoke(collection);
            collection.Configure(rollout ?? (static all => all.Percent = 0));
        };
    });
}
