using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Cqrs.Routing.ConformanceTests.Schema;

[DbContext(typeof(ThingContext))]
[Migration(Name)]
public sealed class FirstMigration : Migration
{
    public const string Name = "1_First";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "Things",
            table => new { Id = table.Column<int>(nullable: false), Name = table.Column<string>(nullable: false) },
            constraints: table => table.PrimaryKey("PK_Things", row => row.Id));
        migrationBuilder.InsertData("Things", ["Id", "Name"], ["integer", "text"], new object[] { 1, "from the model" });
    }
}
