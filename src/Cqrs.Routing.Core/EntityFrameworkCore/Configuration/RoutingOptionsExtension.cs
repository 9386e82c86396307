using Cqrs.Routing.SqlText;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>The extension that <c>UseReplica</c> adds to a context's options. Immutable, except for cached values.</summary>
internal sealed class RoutingOptionsExtension : IDbContextOptionsExtension
{
    // Threads share options. One thread may validate options without a provider while another applies them with a provider.
    [ThreadStatic]
    private static (IDbContextOptionsExtension Provider, ReplacedServices Replaced)? Validated;

    private readonly Action<IServiceCollection, ReplacedServices> _decorate;
    private DbContextOptionsExtensionInfo? _info;

    /// <param name="replica">Describes how the options name the replica.</param>
    /// <param name="options">The replica's options.</param>
    /// <param name="primary">The primary as it was configured at the time of the call.</param>
    /// <param name="decorate">Decorates the services of EF Core and the provider with routing. The same method for all contexts.</param>
    public RoutingOptionsExtension(ReplicaSource replica, ReplicaOptions options, ConfiguredPrimary? primary, Action<IServiceCollection, ReplacedServices> decorate)
    {
        _decorate = decorate;
        Replica = replica;
        Options = options;
        Primary = primary;
        Reads = new(options.DeclaredReads);
    }

    public ReplicaSource Replica { get; }

    /// <summary>Gets the replica's options, which no longer change.</summary>
    public ReplicaOptions Options { get; }

    /// <summary>Gets the statements that the guard allows because the application declares that they only read.</summary>
    public DeclaredReads Reads { get; }

    /// <summary>Gets the primary at the time of the call; null if <c>UseReplica</c> was called before the provider was configured.</summary>
    public ConfiguredPrimary? Primary { get; }

    /// <summary>
    /// Gets or sets the configuration of the replica for the options that this extension belongs to. The first context that needs it creates it.
    /// </summary>
    public ReplicaConfiguration? Configuration { get; set; }

    public DbContextOptionsExtensionInfo Info => _info ??= new ExtensionInfo(this);

    // EF Core calls this right before ApplyServices, on the same thread, with the options. ApplyServices does not get them.
    public void Validate(IDbContextOptions options)
    {
        Validated = options.Extensions.FirstOrDefault(extension => extension.Info.IsDatabaseProvider) is { } provider ? (provider, new(options)) : null;
        InternalServiceProviderWarning.Check(options);
    }

    // The provider's services are added first, whatever the order of the options, so that there are services to decorate. Adding them twice has no
    // effect. Without a provider, this call comes from the constructor of a context whose OnConfiguring will choose one. EF Core then calls again
    // with it.
    public void ApplyServices(IServiceCollection services)
    {
        if (Validated is not { } validated)
            return;

        Validated = null;
        validated.Provider.ApplyServices(services);
        _decorate(services, validated.Replaced);
    }

    private sealed class ExtensionInfo(RoutingOptionsExtension extension) : DbContextOptionsExtensionInfo(extension)
    {
        public override bool IsDatabaseProvider => false;

        public override string LogFragment => $"using {Replica.GetType().Name} ";

        private ReplicaSource Replica => ((RoutingOptionsExtension)Extension).Replica;

        // One internal service provider serves all replicas, because it contains nothing specific to a replica.
        public override int GetServiceProviderHashCode() => 0;

        public override bool ShouldUseSameServiceProvider(DbContextOptionsExtensionInfo other) => other is ExtensionInfo;

        public override void PopulateDebugInfo(IDictionary<string, string> debugInfo) => debugInfo["Cqrs.Routing:Replica"] = Replica.GetType().Name;
    }
}
