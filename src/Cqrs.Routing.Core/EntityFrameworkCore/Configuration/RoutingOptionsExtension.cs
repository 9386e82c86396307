using Cqrs.Routing.SqlText;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>What <c>UseReplica</c> leaves in a context's options. Immutable, but for what it caches.</summary>
internal sealed class RoutingOptionsExtension : IDbContextOptionsExtension
{
    // Options are shared by threads, of which one may validate without a provider what another applies with it.
    [ThreadStatic]
    private static (IDbContextOptionsExtension Provider, ReplacedServices Replaced)? Validated;

    private readonly Action<IServiceCollection, ReplacedServices> _decorate;
    private DbContextOptionsExtensionInfo? _info;

    /// <param name="replica">How the replica was named.</param>
    /// <param name="options">The replica's options.</param>
    /// <param name="primary">The primary, as it was configured by then.</param>
    /// <param name="decorate">Puts routing around EF's services and the provider's. The same method for all contexts.</param>
    public RoutingOptionsExtension(ReplicaSource replica, ReplicaOptions options, ConfiguredPrimary? primary, Action<IServiceCollection, ReplacedServices> decorate)
    {
        _decorate = decorate;
        Replica = replica;
        Options = options;
        Primary = primary;
        Reads = new(options.DeclaredReads);
    }

    public ReplicaSource Replica { get; }

    /// <summary>Not changed any more.</summary>
    public ReplicaOptions Options { get; }

    /// <summary>What the guard lets through because the application says that it reads.</summary>
    public DeclaredReads Reads { get; }

    /// <summary>Null if <c>UseReplica</c> came before the provider.</summary>
    public ConfiguredPrimary? Primary { get; }

    /// <summary>How the replica is reached from the options that this belongs to; worked out by the first context that needs it.</summary>
    public ReplicaConfiguration? Configuration { get; set; }

    public DbContextOptionsExtensionInfo Info => _info ??= new ExtensionInfo(this);

    // EF calls this right before ApplyServices, on the same thread, with the options that ApplyServices does not get.
    public void Validate(IDbContextOptions options)
    {
        Validated = options.Extensions.FirstOrDefault(extension => extension.Info.IsDatabaseProvider) is { } provider ? (provider, new(options)) : null;
        InternalServiceProviderWarning.Check(options);
    }

    // The provider's services come first whatever the order of the options, so that there is something to wrap. Adding them twice adds nothing.
    // Without a provider this is the constructor of a context whose OnConfiguring will choose one: EF then comes back with it.
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

        // One internal service provider for all replicas: nothing of a replica is in it.
        public override int GetServiceProviderHashCode() => 0;

        public override bool ShouldUseSameServiceProvider(DbContextOptionsExtensionInfo other) => other is ExtensionInfo;

        public override void PopulateDebugInfo(IDictionary<string, string> debugInfo) => debugInfo["Cqrs.Routing:Replica"] = Replica.GetType().Name;
    }
}
