using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.MistakeTests.Application;

/// <summary>Gives each application internal services of EF Core of its own. Otherwise a message that is logged once per process would reach one test only.</summary>
internal sealed class SeparateServices(object owner) : IDbContextOptionsExtension
{
    private DbContextOptionsExtensionInfo? _info;

    public DbContextOptionsExtensionInfo Info => _info ??= new ExtensionInfo(this, owner);

    public void ApplyServices(IServiceCollection services)
    {
    }

    public void Validate(IDbContextOptions options)
    {
    }

    private sealed class ExtensionInfo(IDbContextOptionsExtension extension, object owner) : DbContextOptionsExtensionInfo(extension)
    {
        private readonly object _owner = owner;

        public override bool IsDatabaseProvider => false;

        public override string LogFragment => "";

        public override int GetServiceProviderHashCode() => _owner.GetHashCode();

        public override bool ShouldUseSameServiceProvider(DbContextOptionsExtensionInfo other) => other is ExtensionInfo info && ReferenceEquals(info._owner, _owner);

        public override void PopulateDebugInfo(IDictionary<string, string> debugInfo)
        {
        }
    }
}
